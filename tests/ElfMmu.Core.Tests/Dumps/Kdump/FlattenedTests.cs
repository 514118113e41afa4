using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Kdump;

/// <summary>Holes of flattened files, and flattened files that are nothing else.</summary>
public sealed class FlattenedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(500)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void Holes_of_the_file_are_holes(int pieceSize)
    {
        var random = new Random(pieceSize);
        byte[] bytes = new byte[80_000];
        random.NextBytes(bytes.AsSpan(0, 20_000));
        random.NextBytes(bytes.AsSpan(60_000, 10_000));
        byte[] flat = KdumpBuilder.Flatten(bytes, pieceSize);
        var pieces = new List<FlattenedPieces>();
        for (int at = 0; at < bytes.Length; at += pieceSize)
        {
            pieces.Add(new FlattenedPieces((ulong)at, (ulong)(4096 + 16 + (at / pieceSize * (pieceSize + 16))), (ulong)Math.Min(pieceSize, bytes.Length - at), 1));
        }

        if (pieces.Count > 1)
        {
            int same = bytes.Length / pieceSize;
            pieces.RemoveRange(1, same - 1);
            pieces[0] = pieces[0] with { Count = (ulong)same };
        }

        using var source = new FlattenedDataSource(new HoledSource(flat, 64), [.. pieces]);
        Assert.Equal((ulong)bytes.Length, source.Length);
        ulong holes = 0;
        for (ulong at = 0, end; at < source.Length; at = end)
        {
            bool isHole = source.IsHole(at, out end);
            Assert.InRange(end, at + 1, source.Length);
            byte[] read = new byte[end - at];
            source.Read(at, read);
            Assert.Equal(bytes[(int)at..(int)end], read);
            Assert.False(isHole && read.AsSpan().ContainsAnyExcept((byte)0));
            holes += isHole ? end - at : 0;
        }

        Assert.InRange(holes, 30_000UL, 50_000UL);
    }

    [Fact]
    public void Pieces_without_a_byte_are_passed_over()
    {
        var machine = new SmallMachine("ia32e");
        byte[] file = new KdumpBuilder().Memory(SmallMachine.RamBase, machine.Memory).Build();
        byte[] flat = KdumpBuilder.Flatten(file, 5000);
        string path = _folder.File("holes");
        using (FileStream stream = File.Create(path))
        {
            // Behind the first piece nothing for 8 GiB, which no disk here would hold.
            stream.Write(flat.AsSpan(0, 4096 + 16 + 5000));
            stream.Position += 8L << 30;
            stream.Write(flat.AsSpan(4096 + 16 + 5000));
        }

        using MemoryDump dump = MemoryDump.Open(path);
        byte[] bytes = new byte[machine.Memory.Length];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(machine.Memory, bytes);
        Assert.Empty(dump.Warnings);
    }

    [Fact]
    public void Reading_pieces_can_be_cancelled()
    {
        string path = _folder.Write("flat", KdumpBuilder.Flatten(new byte[100], 1));
        Assert.Throws<OperationCanceledException>(() => MemoryDump.Open(path, null, new CancellationToken(canceled: true)));
    }
}
