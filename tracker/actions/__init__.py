"""What a person or a job can do, one file each. Each takes what it needs; none calls another."""
