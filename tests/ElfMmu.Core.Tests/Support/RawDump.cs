using ElfMmu.Dumps;

namespace ElfMmu.Tests.Support;

/// <summary>A small raw dump of a test's own making.</summary>
internal static class RawDump
{
    /// <summary>
    /// Pages that differ from each other and within themselves, so that a byte from the wrong place shows; every fourth is zeros.
    /// </summary>
    public static byte[] Pages(int count)
    {
        byte[] bytes = new byte[count * 4096];
        for (int i = 0; i < bytes.Length; i++)
        {
            int page = i / 4096;
            bytes[i] = page % 4 == 3 ? (byte)0 : (byte)(((page * 131) + (i * 7) + (i / 256)) | 1);
        }

        return bytes;
    }

    public static MemoryDump Open(TempFolder folder, byte[] bytes, ulong ramBase = 0, string name = "dump.bin") =>
        MemoryDump.Open(folder.Write(name, bytes), new DumpOptions { RamBase = ramBase });
}
