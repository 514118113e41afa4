using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Spaces;

/// <summary>What the mappings of a space depend on: all that a walk reads of the processor's state, and nothing else.</summary>
public sealed class SpaceKeyTests : IDisposable
{
    private const int Seeds = 60;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Modes => [.. RandomSpaces.Modes];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void WithWhatCountsAWalkIsTheSame(string mode)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            PagingOptions all = WithEverything(space, new Random(seed));
            PagingOptions counting = space.Mode.WhatCounts(all);
            Assert.Equal(Outcome(space, all), Outcome(space, counting));
            Assert.Equal(space.Mode.Tags(all), space.Mode.Tags(counting));
            Assert.Equal(counting, space.Mode.WhatCounts(counting));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void WhatOthersReadDoesntCount(string mode)
    {
        PagingMode paging = PagingModes.Get(mode);
        for (int seed = 0; seed < Seeds; seed++)
        {
            using RandomSpace space = RandomSpaces.Make(mode, seed);
            RegisterSet own = space.Request.Options.Registers;
            RegisterSet more = new RegisterSet([new("rip", 1), new("rsp", 2), new("cr0", 3), new("cr2", 4), new("pc", 5), new("x0", 6)])
                .With(own).With(paging.RootRegister.Name, (ulong)seed);
            Assert.Equal(paging.WhatCounts(space.Request.Options), paging.WhatCounts(space.Request.Options with { Registers = more }));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void EveryRegisterThatCountsChangesSomething(string mode)
    {
        PagingMode paging = PagingModes.Get(mode);
        foreach (PagingRegister register in Counting(paging))
        {
            Assert.True(Enumerable.Range(0, 400).Any(Changes), $"{register} of {mode} changes nothing.");

            bool Changes(int seed)
            {
                using RandomSpace space = RandomSpaces.Make(mode, seed);
                RegisterSet registers = space.Request.Options.Registers;
                string? name = ((string[])[register.Name, .. register.Aliases]).FirstOrDefault(registers.ContainsKey);
                RegisterSet without = new(registers.Where(r => !string.Equals(r.Key, name, StringComparison.OrdinalIgnoreCase)));
                return name != null
                    && Outcome(space, space.Request.Options) != Outcome(space, space.Request.Options with { Registers = without });
            }
        }
    }

    [Fact]
    public void ProcessorsInTheSameSpaceShareItsMap()
    {
        using MemoryDump dump = RawDump.Open(_folder, HostileTables.Memory());
        SpaceCache cache = SpaceCache.Of(dump);
        SpaceMap first = cache.Map(Open(0x5000, ("rip", 1), ("cr4", 0x20)), default);
        Assert.Same(first, cache.Map(Open(0x5000, ("rip", 2), ("cr4", 0x30)), default));
        Assert.Same(first, cache.Map(Open(0x5fff, ("rip", 2)), default));
        Assert.NotSame(first, cache.Map(Open(0x5000, ("efer", 0)), default));
        Assert.NotSame(first, cache.Map(Open(0xc000), default));

        AddressSpace Open(ulong cr3, params (string Name, ulong Value)[] registers) => AddressSpace.Open(dump, new SpaceRequest
        {
            Mode = "ia32e",
            Registers = new RegisterSet([new("cr3", cr3), .. registers.Select(r => KeyValuePair.Create(r.Name, r.Value))]),
        });
    }

    [Fact]
    public void OneHalfIsAnotherSpaceThanBoth()
    {
        using MemoryDump dump = RawDump.Open(_folder, new byte[0x10000]);
        AddressSpace both = AddressSpace.Open(dump, new SpaceRequest { Root = 0x1000, Root1 = 0x1000, Mode = "aarch64-4k" });
        AddressSpace upper = AddressSpace.Open(dump, new SpaceRequest { Root1 = 0x1000, Mode = "aarch64-4k" });
        Assert.Equal(both.Identity, upper.Identity);
        Assert.NotEqual(both.Key, upper.Key);
    }

    [Fact]
    public void AHypervisorsTablesAreWalkedOnceForAllItsGuestsSpaces()
    {
        // A table that leads to a block at 0, at whichever level the registers say that the walk starts.
        byte[] memory = new byte[0x20000];
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(0x1000), 0x2003);
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(0x2000), 0x4fd);
        using OpenedDump opened = OpenedDump.Open(_folder.Write("dump.bin", memory), new DumpOptions { RamBase = 0 });
        using MemoryDump dump = opened.Lease();
        var request = new SpaceRequest { Mode = "aarch64-4k", NestedRoot = 0x1000, NestedMode = "aarch64-s2-4k" };
        const ulong Control = 16 | (16 << 16);
        object[] memories =
        [
            .. Enumerable.Range(0, 10).Select(i => AddressSpace.Open(
                dump, request with { Root = (ulong)i << 12, Root1 = (ulong)i << 13, Control = Control | ((ulong)i << 7) }).NewWalk().Memory),
        ];
        Assert.Single(memories.Distinct());
        Assert.Equal(["memory of a guest"], opened.Kept);

        // What the hypervisor's own mode reads counts.
        RegisterSet other = RegisterSet.Empty.With("vtcr_el2", 0x8002_3558);
        AddressSpace first = AddressSpace.Open(dump, request with { Root = 0 });
        AddressSpace second = AddressSpace.Open(dump, request with { Root = 0, Registers = other });
        Assert.NotSame(first.NewWalk().Memory, second.NewWalk().Memory);
        Assert.Equal(first.Identity, second.Identity);
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(["memory of 2 guests"], opened.Kept);
    }

    /// <summary>What a walk reads; the memory types only say how to call what it finds, and are part of a space's identity.</summary>
    private static IEnumerable<PagingRegister> Counting(PagingMode mode) =>
        ((IEnumerable<PagingRegister?>)[mode.SecondRootRegister, mode.ControlRegister, .. mode.OtherRegisters])
            .OfType<PagingRegister>().Where(r => !r.Name.StartsWith("MAIR", StringComparison.Ordinal));

    /// <summary>The state of a random space, with all registers of all modes besides, and with anything in the bits that don't count.</summary>
    private static PagingOptions WithEverything(RandomSpace space, Random random)
    {
        PagingOptions options = space.Request.Options;
        var own = Counting(space.Mode).Append(space.Mode.RootRegister).SelectMany(r => (string[])[r.Name, .. r.Aliases])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        IEnumerable<KeyValuePair<string, ulong>> others = PagingModes.All
            .SelectMany(m => Counting(m).Append(m.RootRegister)).Where(r => !own.Contains(r.Name))
            .Select(r => KeyValuePair.Create(r.Name, (ulong)random.NextInt64()));
        IEnumerable<KeyValuePair<string, ulong>> noise = Counting(space.Mode).Where(r => r.In(options.Registers) != null)
            .Select(r => KeyValuePair.Create(
                r.Name, (r.In(options.Registers)!.Value & r.Bits) | ((ulong)random.NextInt64() & ~r.Bits)));
        return options with { Registers = options.Registers.With(others).With(noise).With(space.Mode.RootRegister.Name, 1) };
    }

    /// <summary>All that comes of a walk, as text.</summary>
    private static string Outcome(RandomSpace space, PagingOptions options)
    {
        try
        {
            List<Mapping> mappings = space.Mode.Walk(
                space.Decoded with { Options = options, IncludeAbsent = true }, out WalkSummary summary);
            return string.Join('\n', mappings.Select(m => m.ToString()).Concat(summary.Warnings));
        }
        catch (ElfMmuException e)
        {
            return e.Message;
        }
    }
}
