using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Files packed with gzip, which are unpacked to a temporary file.</summary>
internal sealed class GzipWrapping : IDumpWrapping
{
    // A header and a trailer without anything between them.
    private const int LeastSize = 18;

    public string? Compression => "gzip";

    public bool Matches(ReadOnlySpan<byte> head) => head.Length >= LeastSize && Gzip.Matches(head);

    public DataSource Unwrap(DataSource source, DumpOpening opening)
    {
        DataSource unpacked = Gzip.Unpack(source, opening);
        opening.Remarks.Add($"'{source.Name}' is gzip; its {unpacked.Length} bytes were unpacked to a temporary file.");
        source.Dispose();
        return unpacked;
    }
}
