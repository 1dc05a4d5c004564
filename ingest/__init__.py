"""From a delivered file (fornitura) to rows with their source; never decides who is right."""
