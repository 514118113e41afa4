using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Files packed with what isn't unpacked here; the error says which program does.</summary>
internal sealed class ForeignWrapping : IDumpWrapping
{
    private static readonly (byte[] Signature, string Name, string Command)[] Known =
    [
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz", "xz -dk"),
        ([.. "BZh"u8], "bzip2", "bzip2 -dk"),
        ([4, 0x22, 0x4d, 0x18], "lz4", "lz4 -d"),
        ([0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 0x0d, 0x0a, 0x1a, 0x0a], "lzop", "lzop -d"),
        ([.. "LZIP"u8, 1], "lzip", "lzip -dk"),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c], "7-Zip", "7z x"),
        ([(byte)'P', (byte)'K', 3, 4], "zip", "unzip"),
        ([.. "Rar!"u8, 0x1a, 7], "RAR", "unrar x"),
    ];

    public bool Matches(ReadOnlySpan<byte> head) => Find(head) >= 0;

    public DataSource Unwrap(DataSource source, DumpOpening opening)
    {
        byte[] head = new byte[(int)Math.Min(source.Length, 16)];
        source.Read(0, head);
        (_, string name, string command) = Known[Find(head)];
        throw new ElfMmuException(
            "DumpUnsupported",
            ErrorKind.InvalidData,
            $"'{source.Name}' is packed with {name}, which isn't unpacked here. Unpack it with '{command} {source.Name}', and give what comes out.")
        { Path = source.Name };
    }

    private static int Find(ReadOnlySpan<byte> head)
    {
        // Behind bzip2's level stands the first block, or the end.
        ReadOnlySpan<byte> bzip2Block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
        for (int i = 0; i < Known.Length; i++)
        {
            if (head.StartsWith(Known[i].Signature) && (Known[i].Name != "bzip2" || (head.Length >= 10 && head[4..].StartsWith(bzip2Block))))
            {
                return i;
            }
        }

        return -1;
    }
}
