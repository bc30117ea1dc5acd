"""When jobs are due, the process that runs them, its health page, units for cron and systemd."""
