"""Pages for staff at /notify/, and the demo's mailbox."""
