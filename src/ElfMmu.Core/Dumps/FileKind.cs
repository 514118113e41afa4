using System.Buffers.Binary;

namespace ElfMmu.Dumps;

/// <summary>
/// What files are that lie beside dumps and hold no memory, by how they begin. Memory may begin like anything, so this is advice and never a decision: whoever says that
/// a file is memory is right.
/// </summary>
internal static class FileKind
{
    /// <summary>How many bytes it wants to see.</summary>
    public const int HeadSize = 8192;

    private const int LeastText = 16;

    private static readonly (byte[] Signature, string Name)[] Signatures =
    [
        ("%PDF-"u8.ToArray(), "a PDF document"),
        ([0x50, 0x4b, 5, 6], "an empty ZIP archive"),
        ([0x1f, 0x8b, 8], "a gzip file"),
        ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "a PNG picture"),
        ([0xff, 0xd8, 0xff], "a JPEG picture"),
        ("GIF87a"u8.ToArray(), "a GIF picture"),
        ("GIF89a"u8.ToArray(), "a GIF picture"),
        ("COWD"u8.ToArray(), "a VMDK disk image"),
        ([0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe], "a LUKS volume"),
        ([0xd4, 0xc3, 0xb2, 0xa1], "a network capture (pcap)"),
        ([0xa1, 0xb2, 0xc3, 0xd4], "a network capture (pcap)"),
        ([0x4d, 0x3c, 0xb2, 0xa1], "a network capture (pcap)"),
        ([0xa1, 0xb2, 0x3c, 0x4d], "a network capture (pcap)"),
        ([0x0a, 0x0d, 0x0d, 0x0a], "a network capture (pcapng)"),
        ("SQLite format 3\0"u8.ToArray(), "an SQLite database"),
        ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "an OLE document"),
        ("ElfFile\0"u8.ToArray(), "a Windows event log"),
        ("regf"u8.ToArray(), "a Windows registry hive"),
    ];

    /// <summary>What a file looks like, with its article; null for nothing that is known.</summary>
    /// <param name="head">Its first bytes, up to <see cref="HeadSize"/>.</param>
    public static string? Recognize(ReadOnlySpan<byte> head)
    {
        foreach ((byte[] signature, string name) in Signatures)
        {
            if (head.StartsWith(signature))
            {
                return name;
            }
        }

        return At(head, 257, "ustar"u8) ? "a tar archive"
            : At(head, 512, "EFI PART"u8) ? "a disk image (GPT)"
            : At(head, 3, "NTFS    "u8) ? "an NTFS volume"
            : IsProgram(head) ? "a Windows program"
            : IsText(head) ? "text"
            : null;
    }

    private static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> signature) =>
        head.Length >= offset + signature.Length && head.Slice(offset, signature.Length).SequenceEqual(signature);

    private static bool IsProgram(ReadOnlySpan<byte> head)
    {
        const int HeaderAt = 60;
        return head.StartsWith("MZ"u8)
            && head.Length >= HeaderAt + 4
            && BinaryPrimitives.ReadInt32LittleEndian(head[HeaderAt..]) is >= 0 and int at
            && at < HeadSize
            && At(head, at, "PE\0\0"u8);
    }

    /// <summary>Whether there is nothing but text as far as can be seen, in UTF-8 or an older encoding, or in UTF-16 with its mark.</summary>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head is [0xff, 0xfe, not 0, 0, ..] or [0xfe, 0xff, 0, not 0, ..])
        {
            return true;
        }

        int letters = 0;
        foreach (byte value in head)
        {
            switch (value)
            {
                case (byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0c or 0x1b:
                    break;
                case < 0x20 or 0x7f:
                    return false;
                case < 0x7f:
                    letters++;
                    break;
            }
        }

        // Noise without a control character is no text: that is a matter of luck with a few bytes, and so is what isn't ASCII.
        return head.Length >= LeastText && letters > head.Length / 2;
    }
}
