"""Where things are: addresses, areas, assets and maps."""
