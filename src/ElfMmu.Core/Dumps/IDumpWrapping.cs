using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Something that a dump's file can be wrapped in as a whole, whatever its format.</summary>
internal interface IDumpWrapping
{
    /// <summary>How it packs, such as <c>gzip</c>; null where it doesn't.</summary>
    string? Compression { get; }

    /// <summary>Whether a file that starts with these bytes (up to 4 KiB) is wrapped so.</summary>
    bool Matches(ReadOnlySpan<byte> head);

    /// <summary>What is in it. Takes the source over, and closes it when it throws nothing and needs it no more.</summary>
    /// <exception cref="ElfMmuException">The wrapping is damaged; the source is still the caller's then.</exception>
    DataSource Unwrap(DataSource source, DumpOpening opening);
}
