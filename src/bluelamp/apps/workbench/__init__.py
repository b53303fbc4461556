"""The workbench: charts of people, things, places and events, drawn four ways."""
