"""Another e-mail address: it counts once its owner has confirmed it."""
