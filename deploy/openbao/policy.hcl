# All that the product needs of OpenBao: its own tenants' keys in the Transit engine.
path "transit/keys/tod-*"         { capabilities = ["create", "update", "delete"] }
path "transit/keys/tod-+/rotate"  { capabilities = ["update"] }
path "transit/keys/tod-+/config"  { capabilities = ["update"] }
path "transit/encrypt/tod-*"      { capabilities = ["update"] }
path "transit/decrypt/tod-*"      { capabilities = ["update"] }
# For /health/ready and `tod doctor`: is the token still good?
path "auth/token/lookup-self"     { capabilities = ["read"] }
