using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Reads one container format.</summary>
internal interface IDumpReader
{
    /// <summary>Whether a file that starts with these bytes (up to 4 KiB) is of this format.</summary>
    bool Matches(ReadOnlySpan<byte> head);

    /// <summary>Reads the container's structure; the memory itself is left where it is.</summary>
    /// <exception cref="ElfMmuException">The container is damaged or of a kind that holds no physical memory.</exception>
    DumpContent Read(DataSource source, DumpOpening opening);
}
