"""GOV.UK pages: the fields and forms people fill in, and how values read in English and Welsh."""
