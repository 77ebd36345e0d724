"""Webhooks: what registries and git hosts tell us, and which Warehouses it concerns (Kargo §7).

A `Delivery` (headers and body) reaches a receiver at its `address`. Its provider checks who sent
it and reads from it `hits`: what is new, and where. `matching` says which subscriptions a hit
concerns; a generic receiver selects its Warehouses by expressions instead. What is in a delivery
never becomes Freight: it only makes us look earlier.
"""
