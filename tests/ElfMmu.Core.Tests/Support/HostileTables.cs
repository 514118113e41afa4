using System.Buffers.Binary;

namespace ElfMmu.Tests.Support;

/// <summary>Small dumps whose tables, of 4 levels, map more than anybody can keep. No two neighbouring pages of theirs fuse.</summary>
internal static class HostileTables
{
    public const ulong Page = 4096;

    /// <summary>Where the top table is that leads to more than 8 Mi mappings by itself.</summary>
    public const ulong Root = 2 * Page;

    /// <summary>Where the top table is that leads to 512 mappings, and as a hypervisor's cuts the first 2 MiB of a guest to as many pieces.</summary>
    public const ulong SmallRoot = 5 * Page;

    /// <summary>Where a guest's top table is, as the guest and the host see it: it has large pages only, all of them the first 2 MiB.</summary>
    public const ulong GuestRoot = 8 * Page;

    private const int Tables = 80;
    private const int FirstTable = 12;
    private const int Pages = FirstTable + Tables;

    /// <summary>The dump's memory, from physical address 0 on.</summary>
    public static byte[] Memory()
    {
        byte[] memory = new byte[Pages * (int)Page];

        // The same tables again and again, and some more than may be walked twice.
        Fill(memory, 2, _ => 3, 7);
        Fill(memory, 3, _ => 4, 7);
        Fill(memory, 4, i => FirstTable + (i % Tables), 7);
        for (int table = FirstTable; table < Pages; table++)
        {
            Fill(memory, table, i => 0x100 + (i % 2 * 2), 7);
        }

        Fill(memory, 5, i => i == 0 ? 6 : -1, 7);
        Fill(memory, 6, i => i == 0 ? 7 : -1, 7);
        Fill(memory, 7, i => i == 0 ? 11 : -1, 7);

        // The guest's tables are where it sees them.
        Fill(memory, 11, i => i is 8 or 9 or 10 ? i : i % 2 * 12, 7);
        Fill(memory, 8, _ => 9, 7);
        Fill(memory, 9, _ => 10, 7);
        Fill(memory, 10, _ => 0, 0x87);
        return memory;
    }

    private static void Fill(byte[] memory, int table, Func<int, int> target, ulong flags)
    {
        for (int i = 0; i < 512; i++)
        {
            if (target(i) is >= 0 and var page)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan((table * (int)Page) + (i * 8)), ((ulong)page * Page) | flags);
            }
        }
    }
}
