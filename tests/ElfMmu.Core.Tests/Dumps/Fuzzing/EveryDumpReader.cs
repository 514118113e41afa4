using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using ElfMmu.Windows;
using Xunit;

namespace ElfMmu.Tests.Dumps.Fuzzing;

/// <summary>Does with a dump what its users do: opens it, asks everything it knows, reads from all its runs, walks what it names.</summary>
internal static class EveryDumpReader
{
    private const int MostRuns = 200;
    private const ulong PieceSize = 64 << 10;

    /// <summary>Reads a dump.</summary>
    /// <returns>Whether it could be opened; what couldn't ended in an error of ours.</returns>
    public static bool Read(string path, bool zeroFill)
    {
        MemoryDump dump;
        try
        {
            dump = MemoryDump.Open(path, new DumpOptions { ZeroFill = zeroFill });
        }
        catch (ElfMmuException e)
        {
            Assert.NotEmpty(e.ErrorId);
            Assert.NotEmpty(e.Message);
            return false;
        }

        using (dump)
        {
            Ask(dump);
            ReadRuns(dump);
            Walk(dump);
        }

        return true;
    }

    private static void Ask(MemoryDump dump)
    {
        Assert.NotEmpty(dump.Container);
        Assert.NotEmpty(dump.Files);
        Assert.All(dump.Warnings, Assert.NotEmpty);
        Assert.All(dump.Facts.Details, d => Assert.NotNull(d.Value.ToString()));
        Assert.All(WindowsProcessors.Of(dump), c => Assert.NotNull(c.Registers));
        Assert.All(dump.Machine.Devices, d => Assert.True(d.Last >= d.Start));
    }

    private static void ReadRuns(MemoryDump dump)
    {
        byte[] piece = new byte[PieceSize];
        ulong next = 0;
        ulong size = 0;
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            Assert.True(run.Size > 0 && run.Last >= run.Start, "A run is empty or leaves the address space.");
            Assert.True(run.Start >= next || size == 0, "Runs aren't in order.");
            Assert.True(run.Offset <= run.Source.Length && run.Size <= run.Source.Length - run.Offset, "A run leaves its source.");
            (next, size) = (run.Last, size + run.Size);
        }

        Assert.Equal(dump.Memory.Size, size);
        foreach (PhysicalRun run in dump.Memory.Runs.Take(MostRuns))
        {
            int part = (int)Math.Min(PieceSize, run.Size);
            dump.Memory.TryRead(run.Start, piece.AsSpan(0, part));
            dump.Memory.TryRead(run.Last - (ulong)(part - 1), piece.AsSpan(0, part));
            dump.Memory.TryRead(run.Start + (run.Size / 2), piece.AsSpan(0, 1));
        }

        foreach (DamageLog damage in dump.Memory.Damage)
        {
            Assert.All(damage.First, d => Assert.NotEmpty(d.Reason));
        }
    }

    private static void Walk(MemoryDump dump)
    {
        try
        {
            AddressSpace space = AddressSpace.Open(dump, new SpaceRequest());
            var some = new MappingList(1000);
            space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref some);
        }
        catch (ElfMmuException e)
        {
            // No root is known, or it is in no memory.
            Assert.NotEmpty(e.ErrorId);
        }
    }
}
