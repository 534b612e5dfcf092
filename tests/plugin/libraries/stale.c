/* A plug-in from another age. */
__attribute__((visibility("default"))) const void* platefall_stage_v7(void)
{
    return 0;
}
