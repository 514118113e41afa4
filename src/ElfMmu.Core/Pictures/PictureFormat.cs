namespace ElfMmu.Pictures;

/// <summary>What a picture of address spaces is written as; both stand alone, without scripts or other files.</summary>
public enum PictureFormat
{
    /// <summary>A page with the picture, a summary of each space and a list of what is writable and executable.</summary>
    Html,

    /// <summary>The picture alone.</summary>
    Svg,
}
