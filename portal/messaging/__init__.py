"""One message to one address: outbox, gateways, receipts."""
