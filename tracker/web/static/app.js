// What only makes the pages nicer: each of them works without.
"use strict";

// What went wrong is read out first.
document.querySelector(".problem")?.focus();
