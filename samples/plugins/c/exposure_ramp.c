/* A stage in C for `use = "lib:exposure_ramp"`: the camera's automatic exposure closes as dust brightens the picture.
 *
 *     cc -shared -fPIC -O2 -I PREFIX/include exposure_ramp.c -o exposure_ramp.so -lm
 */
#include <platefall/stage_abi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Ramp {
    char layer[64];
    int64_t begin, end;
    double stops;
} Ramp;

static const double kStops[] = {-16, 16};

static const pf_param kParams[] = {
    {.name = "layer", .type = PF_TEXT, .help = "The layer to expose anew.", .fallback = "\"comp\""},
    {.name = "begin", .type = PF_INTEGER, .help = "The last frame as it is.", .unit = "frame", .required = 1},
    {.name = "end", .type = PF_INTEGER, .help = "The first frame with all of it.", .unit = "frame", .required = 1},
    {.name = "stops", .type = PF_NUMBER, .help = "How much darker (below 0) or brighter it ends.", .unit = "stops",
     .fallback = "-0.5", .range = kStops},
};

static int create(const pf_host* host, pf_call* call, void** stage)
{
    Ramp* ramp = calloc(1, sizeof *ramp);
    if (!ramp)
        return 1;
    *stage = ramp;
    strncpy(ramp->layer, host->text(call, "layer"), sizeof ramp->layer - 1);
    ramp->begin = host->integer(call, "begin");
    ramp->end = host->integer(call, "end");
    ramp->stops = host->number(call, "stops");
    if (ramp->end <= ramp->begin) {
        host->fail(call, "end", "'end' must come after 'begin'");
        return 1;
    }
    host->reads(call, ramp->layer, 0);
    host->writes(call, ramp->layer);
    return 0;
}

static float gain_at(const Ramp* ramp, int32_t frame)
{
    double along = (double)(frame - ramp->begin) / (double)(ramp->end - ramp->begin);
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return (float)exp2(ramp->stops * along * along * (3 - 2 * along));
}

static int is_colour(const char* channel)
{
    return strcmp(channel, "R") == 0 || strcmp(channel, "G") == 0 || strcmp(channel, "B") == 0;
}

static int process(void* stage, const pf_host* host, pf_call* call, int32_t frame)
{
    const Ramp* ramp = stage;
    const float gain = gain_at(ramp, frame);
    const pf_image* from = host->layer(call, ramp->layer);
    pf_image* to = from ? host->add(call, ramp->layer, &from->data, &from->display, from->channel_count, from->channels) : NULL;
    if (!to)
        return 1;
    for (uint32_t c = 0; c < from->channel_count; ++c) {
        const float factor = is_colour(from->channels[c]) ? gain : 1.0f;
        for (int32_t y = 0; y < from->data.y1 - from->data.y0; ++y)
            for (int32_t x = 0; x < from->data.x1 - from->data.x0; ++x)
                to->pixels[y * to->row_stride + x * to->pixel_stride + c * to->channel_stride] =
                    factor * from->pixels[y * from->row_stride + x * from->pixel_stride + c * from->channel_stride];
    }
    return 0;
}

static const pf_stage kStage = {
    .size = sizeof(pf_stage),
    .summary = "Ramps the exposure from one frame to another, as a camera's automatic does.",
    .version = 1,
    .params = kParams,
    .param_count = sizeof kParams / sizeof kParams[0],
    .create = create,
    .destroy = free,
    .process = process,
};

PF_ENTRY(void)
{
    return &kStage;
}
