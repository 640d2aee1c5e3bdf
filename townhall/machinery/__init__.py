"""What makes the rest run: doors, events, tasks, money, files. It knows nothing of government."""
