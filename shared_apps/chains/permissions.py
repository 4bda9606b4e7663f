FOUND_CHAIN = "chains.found_chain"
