using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Reading;
using ElfMmu.Searching;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>What patterns are made of, what they mean on machines of either byte order and word, and what is refused.</summary>
public sealed class PatternTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("48 8b ?? 05")]
    [InlineData("488B??05")]
    [InlineData("0x48,0x8b,?,05")]
    [InlineData("48:8b:??:05")]
    [InlineData("4? ?b ?? ?5")]
    public void BytesAreReadAsPeopleWriteThem(string text)
    {
        byte[] bytes = [0x48, 0x8b, 0x77, 0x05, 1, 0x48, 0x8b, 0x00, 0x05, 0x48, 0x8b, 0x05, 0x06];
        Assert.Equal([0UL, 5], Find(bytes, SearchPattern.Bytes(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("4")]
    [InlineData("48 8")]
    [InlineData("xy")]
    [InlineData("0x")]
    [InlineData("?? ??")]
    public void WhatIsNoBytesIsRefused(string text) => Throws.Error("PatternInvalid", () => SearchPattern.Bytes(text));

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Throws.Error("PatternInvalid", () => SearchPattern.Text(""));
        Throws.Error("PatternInvalid", () => SearchPattern.Text("é", TextEncoding.Ascii));
        Throws.Error("PatternInvalid", () => SearchPattern.Text("€", TextEncoding.Latin1));
        Throws.Error("PatternInvalid", () => SearchPattern.Text("\ud800", TextEncoding.Utf16LE));
        Throws.Error("PatternInvalid", () => SearchPattern.Regex("(a"));
        Throws.Error("PatternInvalid", () => SearchPattern.Regex("a", mostLength: 0));
        Throws.Error("PatternInvalid", () => SearchPattern.Bytes(new byte[SearchPattern.MostBytes + 1]));
        Throws.Error("AlignmentInvalid", () => SearchPattern.Bytes("00", alignment: 3));
        Throws.Error("AlignmentInvalid", () => SearchPattern.Bytes("00", alignment: 8192));
        Throws.Error("AlignmentInvalid", () => SearchPattern.PointerTo(Interval.FromStartAndSize(0, 1), alignment: 0));
        Throws.Error("ValueInvalid", () => SearchPattern.Value(256, MemoryValueType.Parse("u8")));
        using MemoryDump dump = RawDump.Open(_folder, new byte[4096]);
        Throws.Error("PatternRequired", () => MemorySearch.FindPhysical(dump, new SearchRequest { Patterns = [] }));
    }

    [Theory]
    [InlineData(TextEncoding.Ascii, "Abc")]
    [InlineData(TextEncoding.Latin1, "Äbé")]
    [InlineData(TextEncoding.Utf8, "Äbж€𝄞")]
    [InlineData(TextEncoding.Utf16LE, "Äbж€𝄞")]
    [InlineData(TextEncoding.Utf16, "Äbж€𝄞")]
    [InlineData(TextEncoding.Utf16BE, "Äbж€𝄞")]
    public void TextIsFoundInItsEncodingAndWithoutRegardToCase(TextEncoding encoding, string text)
    {
        Encoding encoder = encoding switch
        {
            TextEncoding.Latin1 => Encoding.Latin1,
            TextEncoding.Utf16BE => Encoding.BigEndianUnicode,
            TextEncoding.Utf16 or TextEncoding.Utf16LE => Encoding.Unicode,
            _ => Encoding.UTF8,
        };
        byte[] one = encoder.GetBytes(text);
        byte[] two = encoder.GetBytes(text.ToUpperInvariant());
        byte[] three = encoder.GetBytes(text.ToLowerInvariant());
        byte[] bytes = [9, 9, .. one, 7, .. two, 7, .. three, 7];
        ulong[] all = [2, (ulong)one.Length + 3, (ulong)(2 * one.Length) + 4];
        Assert.Equal([2UL], Find(bytes, SearchPattern.Text(text, encoding)));
        Assert.Equal(all, Find(bytes, SearchPattern.Text(text, encoding, ignoreCase: true)));
        Assert.Equal(all, Find(bytes, SearchPattern.Text(text.ToLowerInvariant(), encoding, ignoreCase: true)));

        // Other letters, some of which differ from these in the bits that two forms of a letter differ in.
        for (int i = 0; i < one.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] wrong = [.. one];
                wrong[i] ^= (byte)(1 << bit);
                bool same = encoder.GetString(wrong).Equals(text, StringComparison.OrdinalIgnoreCase);
                Assert.Equal(same ? [0UL] : [], Find(wrong, SearchPattern.Text(text, encoding, ignoreCase: true)));
            }
        }
    }

    [Theory]
    [InlineData("bare-ppc32", "phys.elf.gz", "machine.yaml")]
    [InlineData("bare-mips32", "machine.yaml", null)]
    public void InABigEndianSpaceWordsAreAsTheMachineHasThem(string guest, string file, string? machine)
    {
        using MemoryDump dump = MemoryDump.Open(
            TestData.Path(guest, file), new DumpOptions { MachinePath = machine == null ? null : TestData.Path(guest, machine) });
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest());
        Assert.Equal(ByteOrder.Big, space.Identity.ByteOrder);
        SpaceMap map = SpaceMap.Walk(space);
        var target = Interval.FromStartAndSize(map.Mappings[0].VirtualAddress + 0x10, 0x1_0000);
        SearchHit[] pointers = [.. MemorySearch.Find(space, Request(SearchPattern.PointerTo(target))).Take(500)];
        Assert.All(pointers, h => Assert.True(target.Contains(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(h.Bytes)) && h.VirtualAddress % 4 == 0));

        SearchHit some = MemorySearch.Find(space, Request(SearchPattern.Regex("[^\\0]{8}", alignment: 4))).First();
        uint value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(some.Bytes);
        Assert.Contains(
            MemorySearch.Find(space, Request(SearchPattern.Value(value, MemoryValueType.Parse("u32")))),
            h => h.VirtualAddress == some.VirtualAddress);
        Assert.Contains(
            MemorySearch.Find(space, Request(SearchPattern.PointerTo(Interval.FromStartAndSize(value, 1)))),
            h => h.VirtualAddress == some.VirtualAddress);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    [InlineData(8, false)]
    public unsafe void PointersAreFoundAtEveryAlignment(int word, bool big)
    {
        var random = new Random(5);
        byte[] bytes = new byte[3000];
        random.NextBytes(bytes);
        var range = Interval.FromStartAndLast(0x2000_0000, word == 4 ? 0x7fff_ffffUL : 0x7fff_ffff_ffff_ffffUL);
        for (int alignment = 1; alignment <= 128; alignment *= 2)
        {
            foreach (int shift in (int[])[0, 1, 8, 63])
            {
                int[] expected =
                [
                    .. Enumerable.Range(0, bytes.Length - word + 1).Where(i => (i + shift) % alignment == 0 && range.Contains(Word(i))),
                ];
                var matches = new MatchBuffer();
                var sink = new MatchSink(matches, 0, word, 0);
                fixed (byte* text = bytes)
                {
                    new PointerMatcher(range, word, big ? ByteOrder.Big : ByteOrder.Little, alignment)
                        .Find(text, bytes.Length, bytes.Length, (ulong)shift, ref sink);
                }

                matches.Sort();
                Assert.Equal(expected, matches.Matches.ToArray().Select(m => m.Offset));
            }
        }

        ulong Word(int at)
        {
            ulong value = 0;
            for (int i = 0; i < word; i++)
            {
                value |= (ulong)bytes[at + i] << (8 * (big ? word - 1 - i : i));
            }

            return value;
        }
    }

    private IEnumerable<ulong> Find(byte[] bytes, SearchPattern pattern)
    {
        using MemoryDump dump = RawDump.Open(_folder, bytes, name: Guid.NewGuid().ToString("n"));
        return [.. MemorySearch.FindPhysical(dump, Request(pattern)).Select(h => h.PhysicalAddress)];
    }

    private static SearchRequest Request(SearchPattern pattern) => new() { Patterns = [pattern] };
}
