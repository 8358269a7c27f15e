"""Built-in roles by their ids, which are the same in every cloud."""

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
DELETE_ROLE = "91c1777a-f3dc-4fae-b103-61d183457e46"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
# Its permission has data actions, so that it cannot be delegated.
BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
