using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Reads one container format.</summary>
internal interface IDumpReader
{
    /// <summary>Whether a file is of this format.</summary>
    /// <param name="head">Its first bytes, up to 8 KiB.</param>
    /// <param name="path">Its full path, for formats whose memory has no signature but a file beside it that has.</param>
    bool Matches(ReadOnlySpan<byte> head, string path);

    /// <summary>Reads the container's structure; the memory itself is left where it is.</summary>
    /// <exception cref="ElfMmuException">The container is damaged or of a kind that holds no physical memory.</exception>
    DumpContent Read(DataSource source, DumpOpening opening);
}
