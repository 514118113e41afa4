using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>Files packed with zstd, which are unpacked to a temporary file.</summary>
internal sealed class ZstandardWrapping : IDumpWrapping
{
    // What zstd itself takes without being told that it may use more memory.
    private const ulong MostWindow = 128 << 20;

    public string? Compression => "zstd";

    public bool Matches(ReadOnlySpan<byte> head) => head is [0x28, 0xb5, 0x2f, 0xfd, _, ..];

    public DataSource Unwrap(DataSource source, DumpOpening opening)
    {
        ZstandardStream? stream = null;
        DataSource unpacked = TemporaryFile.Unpack(
            source,
            opening,
            [],
            input => stream = new ZstandardStream(input, MostWindow),
            _ => { },
            e => stream!.Window > MostWindow
                ? new ElfMmuException(
                    "DumpUnsupported",
                    ErrorKind.NotSupported,
                    $"'{source.Name}' is packed with zstd such that unpacking takes much memory: {e.Message}. Unpack it with 'zstd -d --long=31 {source.Name}'.",
                    e) { Path = source.Name }
                : new ElfMmuException(
                    "ZstandardDamaged",
                    ErrorKind.InvalidData,
                    $"'{source.Name}' is a damaged or cut-off zstd file: {e.Message}. Fetch it again.",
                    e) { Path = source.Name });
        opening.Remarks.Add($"'{source.Name}' is zstd; its {unpacked.Length} bytes were unpacked to a temporary file.");
        source.Dispose();
        return unpacked;
    }
}
