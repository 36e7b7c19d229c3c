// Marks what the shared libraries export.
#pragma once

/// Everything else is compiled with hidden visibility. A class with this mark exports its members that are not inline,
/// and one type for all libraries of a process, which exceptions need.
#define INTENT_API [[gnu::visibility("default")]]
