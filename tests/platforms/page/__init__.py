"""A page that shows the chats of a merchant and of staff as Slack and Telegram would, to try the product by hand."""
