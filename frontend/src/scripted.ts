// Before the page is drawn for the first time: scripts run, so what shows only without them need not be drawn at all.

document.documentElement.classList.add("scripted");
