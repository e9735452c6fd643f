"""That somebody who signed in through several issuers is one person: declared by one operator, approved by another."""
