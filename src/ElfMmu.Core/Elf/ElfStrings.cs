using System.Text;

namespace ElfMmu.Elf;

/// <summary>
/// A string table (gABI, "String Table"): texts that end with a NUL, named by the offset of their first byte. Text is UTF-8; bytes that
/// aren't become U+FFFD.
/// </summary>
/// <param name="bytes">The table; it isn't copied.</param>
public sealed class ElfStrings(byte[] bytes)
{
    /// <summary>The table without a string.</summary>
    public static ElfStrings None { get; } = new([]);

    /// <summary>The size of the table in bytes.</summary>
    public int Size => bytes.Length;

    /// <summary>The text at an offset; empty where the table has ended. O(its length).</summary>
    /// <param name="offset">The offset of the first byte.</param>
    public string this[uint offset] => Encoding.UTF8.GetString(Bytes(offset));

    /// <summary>The text at an offset, cut; empty where the table has ended. O(the most bytes).</summary>
    /// <param name="offset">The offset of the first byte.</param>
    /// <param name="mostBytes">How many bytes of it are looked at.</param>
    public string Text(uint offset, int mostBytes)
    {
        if (offset >= (uint)bytes.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan((int)offset, Math.Min(mostBytes, bytes.Length - (int)offset));
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    /// <summary>The bytes at an offset up to the NUL, or up to the end of the table; empty behind the end. O(their number).</summary>
    /// <param name="offset">The offset of the first byte.</param>
    public ReadOnlySpan<byte> Bytes(uint offset)
    {
        if (offset >= (uint)bytes.Length)
        {
            return [];
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }
}
