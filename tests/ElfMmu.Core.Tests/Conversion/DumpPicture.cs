using System.Security.Cryptography;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>What two dumps of the same machine have in common, whatever they are in.</summary>
internal static class DumpPicture
{
    /// <summary>The stretches of memory, those that touch as one.</summary>
    public static List<(ulong Start, ulong Size)> Runs(MemoryDump dump)
    {
        var runs = new List<(ulong Start, ulong Size)>();
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            if (runs.Count > 0 && runs[^1].Start + runs[^1].Size == run.Start)
            {
                runs[^1] = (runs[^1].Start, runs[^1].Size + run.Size);
            }
            else
            {
                runs.Add((run.Start, run.Size));
            }
        }

        return runs;
    }

    /// <summary>The SHA-256 of all memory, ascending.</summary>
    public static string Sha256(MemoryDump dump)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[65536];
        foreach (PhysicalRun run in dump.Memory.Runs)
        {
            for (ulong at = 0; at < run.Size;)
            {
                Span<byte> bytes = buffer.AsSpan(0, (int)Math.Min(run.Size - at, (ulong)buffer.Length));
                Assert.True(dump.Memory.TryRead(run.Start + at, bytes));
                hash.AppendData(bytes);
                at += (ulong)bytes.Length;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Asserts that two dumps hold the same memory.</summary>
    public static void SameMemory(MemoryDump expected, MemoryDump actual)
    {
        Assert.Equal(Runs(expected), Runs(actual));
        Assert.Equal(Sha256(expected), Sha256(actual));
    }

    /// <summary>Asserts that two dumps say the same of their machine.</summary>
    public static void SameMachine(MemoryDump expected, MemoryDump actual)
    {
        Machine one = expected.Machine, other = actual.Machine;

        // A core names a processor with a word size, also when nobody knew it before.
        int? wordSize = one.WordSize ?? other.WordSize;
        Assert.Equal(
            (one.Architecture, one.ByteOrder, wordSize, one.Mode, one.PhysicalAddressBits, one.EncryptionMask),
            (other.Architecture, other.ByteOrder, other.WordSize, other.Mode, other.PhysicalAddressBits, other.EncryptionMask));
        Cpu[] known = [.. one.Cpus.Where(c => c.Registers.Count > 0)];
        Assert.Equal(known.Select(c => c.Index), other.Cpus.Select(c => c.Index));
        Assert.All(known.Zip(other.Cpus), p => Assert.Equal(
            p.First.Registers.OrderBy(r => r.Key, StringComparer.OrdinalIgnoreCase),
            p.Second.Registers.OrderBy(r => r.Key, StringComparer.OrdinalIgnoreCase)));
        Assert.Equal(one.Devices.OrderBy(d => (d.Start, d.Size)), other.Devices.OrderBy(d => (d.Start, d.Size)));
    }
}
