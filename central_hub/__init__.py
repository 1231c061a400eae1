"""The central hub: governs the prefeituras, stores what their boxes report, and relays their recordings."""
