/// What the process tells whoever started it. Farms act on these numbers: they do not change.
#pragma once

namespace platefall::cli {

enum ExitStatus {
    kGood = 0,                 ///< every frame asked for is there and good
    kUnexpected = 1,           ///< a defect of the program
    kUnusable = 2,             ///< wrong usage, manifest or input; nothing was rendered
    kSomeFramesFailed = 3,     ///< the others are there
    kDifferent = 4,            ///< compare: the pictures are not the same
    kOutOfMemory = 33,         ///< OpenCue raises memory and retries
    kRequeue = 75,             ///< interrupted by TERM or USR1; run it again
    kKeyboard = 130,           ///< interrupted by INT
};

}  // namespace platefall::cli
