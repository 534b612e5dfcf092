#include "image/default_config.h"

namespace platefall {

const char* default_ocio_config()
{
    return R"config(ocio_profile_version: 2

name: platefall
description: Scene-linear plates and their preview on an sRGB screen.

roles:
  aces_interchange: ACES2065-1
  cie_xyz_d65_interchange: CIE-XYZ-D65
  color_picking: srgb
  data: raw
  default: lin_rec709
  rendering: ACEScg
  scene_linear: ACEScg

file_rules:
  - !<Rule> {name: Default, colorspace: default}

displays:
  sRGB:
    - !<View> {name: ACES 1.0 SDR-video, view_transform: ACES 1.0 SDR-video, display_colorspace: sRGB - Display}
    - !<View> {name: Un-tone-mapped, view_transform: Un-tone-mapped, display_colorspace: sRGB - Display}

active_displays: [sRGB]
active_views: [ACES 1.0 SDR-video, Un-tone-mapped]

view_transforms:
  - !<ViewTransform>
    name: ACES 1.0 SDR-video
    from_scene_reference: !<BuiltinTransform> {style: ACES-OUTPUT - ACES2065-1_to_CIE-XYZ-D65 - SDR-VIDEO_1.0}

  - !<ViewTransform>
    name: Un-tone-mapped
    from_scene_reference: !<BuiltinTransform> {style: UTILITY - ACES-AP0_to_CIE-XYZ-D65_BFD}

display_colorspaces:
  - !<ColorSpace>
    name: CIE-XYZ-D65
    description: The display reference, XYZ with the white of D65.
    isdata: false

  - !<ColorSpace>
    name: sRGB - Display
    description: What an sRGB screen is sent.
    isdata: false
    encoding: sdr-video
    from_display_reference: !<BuiltinTransform> {style: DISPLAY - CIE-XYZ-D65_to_sRGB}

colorspaces:
  - !<ColorSpace>
    name: ACES2065-1
    aliases: [aces2065_1, "ACES - ACES2065-1", lin_ap0]
    description: The scene reference, linear AP0.
    isdata: false
    encoding: scene-linear

  - !<ColorSpace>
    name: ACEScg
    aliases: ["ACES - ACEScg", lin_ap1]
    description: Linear AP1.
    isdata: false
    encoding: scene-linear
    to_scene_reference: !<BuiltinTransform> {style: ACEScg_to_ACES2065-1}

  - !<ColorSpace>
    name: lin_rec709
    aliases: [lin_srgb, "Linear Rec.709 (sRGB)", "Utility - Linear - sRGB", lin_rec709_srgb]
    description: Linear light in the primaries of Rec.709 and sRGB.
    isdata: false
    encoding: scene-linear
    from_scene_reference: !<GroupTransform>
      children:
        - !<BuiltinTransform> {style: ACEScg_to_ACES2065-1, direction: inverse}
        - !<BuiltinTransform> {style: UTILITY - ACES-AP1_to_LINEAR-REC709_BFD}

  - !<ColorSpace>
    name: srgb
    aliases: [srgb_texture, "sRGB - Texture", "Utility - sRGB - Texture"]
    description: Rec.709 primaries with the sRGB curve, as in PNG and JPEG files.
    isdata: false
    encoding: sdr-video
    from_scene_reference: !<GroupTransform>
      children:
        - !<BuiltinTransform> {style: ACEScg_to_ACES2065-1, direction: inverse}
        - !<BuiltinTransform> {style: UTILITY - ACES-AP1_to_LINEAR-REC709_BFD}
        - !<ExponentWithLinearTransform> {gamma: [2.4, 2.4, 2.4, 1], offset: [0.055, 0.055, 0.055, 0], direction: inverse}

  - !<ColorSpace>
    name: raw
    aliases: ["Utility - Raw"]
    description: Numbers that are not colours. Never converted.
    isdata: true
    encoding: data
)config";
}

}  // namespace platefall
