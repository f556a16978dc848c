"""The tests mirror messango/; `lan` is a LAN of network namespaces, `support` what several tests share."""
