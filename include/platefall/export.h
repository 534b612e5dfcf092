/// Marks what the shared library shows to the outside.
#pragma once

#define PLATEFALL_API __attribute__((visibility("default")))
