"""A policy that somebody thinks of putting in force: kept between pages, with whom it would change."""
