"""Reports: data first, then its forms. Forms never compute."""
