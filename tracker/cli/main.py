"""The command `tracker`. A command's module is loaded only when it runs, so that `--help` is quick."""

from importlib import import_module

import click

from tracker.cli.errors import SeenEnoughError, guarded

# Where each command is, and the line that the menu shows for it.
COMMANDS = {
    "demo": ("tracker.cli.demo:demo", "A made-up hospital, from its spreadsheets to its mails."),
    "policy": ("tracker.cli.policy:policy", "Look at policies, try one out, put one in force."),
    "template": ("tracker.cli.files:template", "Print a file to fill in."),
    "import": ("tracker.cli.files:import_files", "Take in rosters, cards, absences, exemptions, units."),
    "imports": ("tracker.cli.files:imports", "List what was imported."),
    "import-undo": ("tracker.cli.files:import_undo", "Take an import back."),
    "mappings": ("tracker.cli.mappings:mappings", "What is remembered of files' columns."),
    "card": ("tracker.cli.card:card", "Record, retract or check one card."),
    "person": ("tracker.cli.person:person", "Another employee id, two records made one, data handed out or erased."),
    "evidence": ("tracker.cli.evidence:evidence", "Keep the PDFs and pictures that show a card."),
    "status": ("tracker.cli.status:status", "Who stands where on a day."),
    "explain": ("tracker.cli.status:explain", "One person's timeline, and why."),
    "forecast": ("tracker.cli.status:forecast", "Standings to come if nobody renews."),
    "report": ("tracker.cli.report:report", "Reports to print or hand on."),
    "remind": ("tracker.cli.remind:remind", "Tell staff and managers what they are owed today."),
    "mail": ("tracker.cli.remind:mail", "Let mails go, look at them, see what became of them."),
    "serve": ("tracker.cli.serve:serve", "Open the web app."),
    "scheduler": ("tracker.cli.scheduler:scheduler", "Send reminders at the site's hour, every day."),
    "worker": ("tracker.cli.scheduler:worker", "Only send the mails that are due; several may run."),
    "jobs": ("tracker.cli.jobs:jobs", "What is scheduled, what it did, and whether all is well."),
    "user": ("tracker.cli.user:user", "Who may sign in to the web app, and see what."),
    "audit": ("tracker.cli.audit:audit", "Who did what; proof that nothing was altered."),
    "retention": ("tracker.cli.retention:retention", "Remove what the policy says is past keeping."),
    "db": ("tracker.cli.database:db", "Set the database up, check it."),
    "settings": ("tracker.cli.settings:show", "The settings, and where each came from."),
}


class Menu(click.Group):
    """The commands, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a new user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise SeenEnoughError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The menu, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.command(cls=Menu, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="credential-tracker", prog_name="tracker")
def cli() -> None:
    """Keeps track of who holds which life-support card, until when, and what that means.

    Start with 'tracker policy apply us-hospital', then 'tracker import' your roster and cards, then ask
    'tracker status'. Every command explains itself with --help.
    """


def main() -> None:
    """Runs the command line: 0 done, 1 in part, 2 not done, 3 something failed."""
    guarded(cli)
