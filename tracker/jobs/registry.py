"""Every job there is."""

from tracker.jobs import deliver_mail, plan_reminders, read_bounces, remove_old_records, watchdog
from tracker.jobs.spec import Job

JOBS: dict[str, Job] = {
    job.name: job
    for job in (plan_reminders.JOB, deliver_mail.JOB, read_bounces.JOB, remove_old_records.JOB, watchdog.JOB)
}

# What a process works that only sends; whoever works anything keeps watch as well.
WORKER = ("deliver_mail", "watchdog")
