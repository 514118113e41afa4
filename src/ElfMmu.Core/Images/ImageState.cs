namespace ElfMmu.Images;

/// <summary>How an executable lies in an address space.</summary>
public enum ImageState
{
    /// <summary>As its segments or sections say it is to be loaded.</summary>
    Loaded,

    /// <summary>As it is in its file, byte after byte: in a file's mapping, a buffer, or the kernel's cache of files.</summary>
    File,

    /// <summary>Only its header is known to be there; what follows it is something else, or nothing.</summary>
    HeaderOnly,
}
