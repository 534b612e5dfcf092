/* A stage in a shared library: what a plug-in and platefall know of each other. Plain C, so that any compiler and any
 * language that speaks C can make one; C++ has a layer on top of it, <platefall/plugin.h>.
 *
 * A plug-in exports one function, PF_ENTRY, whose name ends in the version of this interface:
 *
 *     PF_ENTRY(void) { return &stage; }      // const pf_stage* platefall_stage_v1(void)
 *
 * platefall loads it in a process of its own, so that one that crashes or hangs costs a frame and not the render.
 *
 * Strings are UTF-8 and end with a zero. What platefall hands over stays its own, and lives until the call returns in
 * which it was handed over (parameters: as long as the stage). What the plug-in hands over (names, descriptions) must
 * live as long as the library. No exception may leave a function of the plug-in.
 */
#ifndef PLATEFALL_STAGE_ABI_H
#define PLATEFALL_STAGE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PF_ABI_VERSION 1

/* x0 <= x < x1, y0 <= y < y1; y runs down, as in EXR. */
typedef struct pf_window {
    int32_t x0, y0, x1, y1;
} pf_window;

/* float32, scene-linear, premultiplied. Channel c of the pixel x, y inside `data` is
 *
 *     pixels[(y - data.y0) * row_stride + (x - data.x0) * pixel_stride + c * channel_stride]
 *
 * Strides count floats. Pixels outside the data window count as zero. */
typedef struct pf_image {
    pf_window data;                   /* the pixels there are */
    pf_window display;                /* the picture that is seen */
    float* pixels;                    /* of a layer that is read: not to be written */
    ptrdiff_t row_stride, pixel_stride, channel_stride;
    uint32_t channel_count;
    const char* const* channels;      /* "R", "G", "B", "A", "Z", ... */
} pf_image;

typedef enum pf_type {
    PF_FLAG = 0,
    PF_INTEGER = 1,
    PF_NUMBER = 2,
    PF_TEXT = 3,
    PF_CHOICE = 4,                    /* one of `choices` */
    PF_PATH = 5,                      /* a file or sequence that is read; its content is part of each frame's key */
    PF_NUMBERS = 6,                   /* a list of numbers */
    PF_TEXTS = 7                      /* a list of strings */
} pf_type;

/* A parameter, as it may stand in the manifest. */
typedef struct pf_param {
    const char* name;
    pf_type type;
    const char* help;                 /* one sentence */
    const char* unit;                 /* "px", "m", "frame", or NULL */
    const char* fallback;             /* as JSON: "0.5", "true", "\"soft\"", "[1, 2]"; NULL: none, it may be absent */
    int32_t required;                 /* it must be given */
    const double* range;              /* lowest and highest number allowed, or NULL */
    const char* const* choices;       /* of PF_CHOICE, ends with NULL */
    uint32_t length;                  /* of PF_NUMBERS; 0: any */
} pf_param;

typedef struct pf_shot {
    const char* name;
    const char* colorspace;           /* of the working space; scene-linear */
    double fps;
    int32_t first, last;              /* frames of the shot */
    int32_t proxy;                    /* 2: the picture is half as wide; pixel units of the manifest shrink by this */
    uint64_t seed;
    pf_window data, display;          /* of the plate, in pixels of this render */
} pf_shot;

/* What a function of the stage is told about its call. Opaque. */
typedef struct pf_call pf_call;

/* What platefall offers. `call` is what the stage's function was given. Functions may be called from any thread while
 * that call lasts. */
typedef struct pf_host {
    uint32_t size;                    /* of this structure in the platefall that calls: later ones may be longer */

    /* Parameters. Only in create(). Names must be declared, with that type. */
    int (*has)(pf_call* call, const char* param);                     /* given, or has a fallback */
    int (*flag)(pf_call* call, const char* param);
    int64_t (*integer)(pf_call* call, const char* param);
    double (*number)(pf_call* call, const char* param);
    const char* (*text)(pf_call* call, const char* param);            /* PF_TEXT, PF_CHOICE; PF_PATH: absolute */
    size_t (*count)(pf_call* call, const char* param);                /* of a list */
    const double* (*numbers)(pf_call* call, const char* param);
    const char* const* (*texts)(pf_call* call, const char* param);
    const pf_shot* (*shot)(pf_call* call);

    /* Which layers it will read and write. Only in create(). */
    void (*reads)(pf_call* call, const char* layer, int optional);
    void (*writes)(pf_call* call, const char* layer);

    /* prepare() will be called, and may read these frames. Only in create(). */
    void (*prepares)(pf_call* call, const int32_t* frames, size_t count);

    /* Layers of the frame. In process(), and in prepare() after frame(). layer() returns NULL when the frame has none.
     * add() makes a layer, all zero, to be filled before the call returns; a layer of that name is replaced. */
    const pf_image* (*layer)(pf_call* call, const char* name);
    pf_image* (*add)(pf_call* call, const char* name, const pf_window* data, const pf_window* display,
                     uint32_t channel_count, const char* const* channels);

    /* In prepare(): makes a frame the one that layer() speaks of, as it is before this stage. 0: it cannot be had. */
    int (*frame)(pf_call* call, int32_t number);

    /* For the user. fail() says why the call will return failure; `param`, or NULL, is the parameter that is to blame. */
    void (*fail)(pf_call* call, const char* param, const char* message);
    void (*warn)(pf_call* call, const char* message);                 /* shown once a frame */
    void (*log)(pf_call* call, const char* message);                  /* shown with --verbose */

    /* How far the call is, 0..1. Returns 1 when the render is to stop: return failure soon. */
    int (*progress)(pf_call* call, double fraction, const char* doing);
} pf_host;

/* A stage. Functions that return an int return 0 when all went well. */
typedef struct pf_stage {
    uint32_t size;                    /* sizeof(pf_stage) */
    const char* summary;              /* one sentence */
    int32_t version;                  /* raised whenever the same input would give another result */
    const pf_param* params;
    uint32_t param_count;

    /* Reads its parameters and says what it reads and writes. *stage goes into the other functions. */
    int (*create)(const pf_host* host, pf_call* call, void** stage);
    void (*destroy)(void* stage);

    /* Optional, both or neither: work that needs the whole shot. prepare() is called once a shot, by one process, and
     * writes its result into the folder; prepared() is called in every process with the finished folder. */
    int (*prepare)(void* stage, const pf_host* host, pf_call* call, const char* folder);
    int (*prepared)(void* stage, const pf_host* host, pf_call* call, const char* folder);

    /* Makes its layers of one frame. Called from several threads at once, and never twice for the same frame at once.
     * The result depends on the parameters, the frame's layers and the prepared folder, and on nothing else. */
    int (*process)(void* stage, const pf_host* host, pf_call* call, int32_t frame);
} pf_stage;

#define PF_JOIN_(a, b) a##b
#define PF_JOIN(a, b) PF_JOIN_(a, b)
#define PF_ENTRY_NAME PF_JOIN(platefall_stage_v, PF_ABI_VERSION)

#if defined(__GNUC__)
#define PF_VISIBLE __attribute__((visibility("default")))
#else
#define PF_VISIBLE
#endif

#ifdef __cplusplus
#define PF_ENTRY extern "C" PF_VISIBLE const pf_stage* PF_ENTRY_NAME
#else
#define PF_ENTRY PF_VISIBLE const pf_stage* PF_ENTRY_NAME
#endif

#ifdef __cplusplus
}
#endif

#endif
