"""My account: what a person has asked for, what is held of them, who looked, and how they go."""
