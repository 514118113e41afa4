using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

public sealed class GzipTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(8);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SeveralMembersAreOneFile()
    {
        // What `cat a.gz b.gz` makes; RFC 1952 asks for it.
        byte[] packed = [.. SmallMachine.Pack(_memory[..20000]), .. SmallMachine.Pack(_memory[20000..])];
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", packed));
        byte[] bytes = new byte[_memory.Length];
        Assert.True(dump.Memory.TryRead(0, bytes));
        Assert.Equal(_memory, bytes);
        Assert.Equal((ulong)_memory.Length, dump.Memory.Size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFileCutOffAnywhereIsDamaged(bool zeros)
    {
        // Zeros pack to bytes that look like a plausible length wherever the file is cut.
        byte[] packed = SmallMachine.Pack(zeros ? new byte[1 << 20] : _memory);
        var taken = new List<int>();
        for (int length = 18; length < packed.Length; length += zeros && length < packed.Length - 100 ? 97 : zeros ? 1 : 37)
        {
            try
            {
                MemoryDump.Open(_folder.Write("dump", packed[..length])).Dispose();
                taken.Add(length);
            }
            catch (ElfMmuException e) when (e.ErrorId == "GzipDamaged")
            {
            }
        }

        Assert.Equal([], taken);
    }

    [Fact]
    public void AChangedByteIsDamage()
    {
        byte[] packed = SmallMachine.Pack(_memory);
        for (int at = 10; at < packed.Length; at += 53)
        {
            byte[] changed = [.. packed];
            changed[at] ^= 0x10;
            Throws.Error("GzipDamaged", () => MemoryDump.Open(_folder.Write("dump", changed)));
        }
    }

    [Fact]
    public void TheEndMayStandAnywhere()
    {
        // A header field of any length moves the end across the borders of whatever buffers are read into.
        byte[] packed = SmallMachine.Pack(_memory);
        for (int length = 8180; length <= 8210; length++)
        {
            int total = (packed.Length / 8192 * 8192) + 8192 + length;
            byte[] extra = new byte[total - packed.Length - 2];
            byte[] moved =
                [.. packed[..3], 4, .. packed[4..10], (byte)extra.Length, (byte)(extra.Length >> 8), .. extra, .. packed[10..]];
            Assert.Equal(total, moved.Length);
            using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", moved));
            byte[] bytes = new byte[_memory.Length];
            Assert.True(dump.Memory.TryRead(0, bytes));
            Assert.Equal(_memory, bytes);
            Assert.Equal((ulong)_memory.Length, dump.Memory.Size);
        }
    }
}
