"""From a token to somebody who acts: whom we believe, and what they say."""
