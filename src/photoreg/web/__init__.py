"""The desk in the browser and the API: an interface beside the command line; decides nothing."""
