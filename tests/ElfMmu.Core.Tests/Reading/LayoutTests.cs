using System.Buffers.Binary;
using ElfMmu.Reading;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Reading;

/// <summary>Layouts of structures: where fields lie, what they are, and what isn't a layout.</summary>
public class LayoutTests
{
    private static readonly DataModel Little64 = new(ByteOrder.Little, 64);
    private static readonly DataModel Big32 = new(ByteOrder.Big, 32);

    [Theory]
    [InlineData("u32 magic; u16be port; char[16] name; ptr next; u8[4]; u64 @0x40 flags; pad 4", "magic@0+4 port@4+2 name@6+16 next@22+8 field_1e@30+4 flags@64+8", 76)]
    [InlineData("u8 a; u32 b;", "a@0+1 b@1+4", 5)]
    [InlineData("natural; u8 a; u32 b; u16 c", "a@0+1 b@4+4 c@8+2", 12)]
    [InlineData("natural; u8 a; ptr b", "a@0+1 b@8+8", 16)]
    [InlineData("u8 a; align 8; u8 b; align 4", "a@0+1 b@8+1", 12)]
    [InlineData("u32 b @ 8; u16 a @0", "b@8+4 a@0+2", 12)]
    [InlineData("char name[0x10]; u8 @2 inside", "name@0+16 inside@2+1", 16)]
    [InlineData("{ u16 x; u8 y }[3] points; u8", "points@0+9 field_9@9+1", 10)]
    [InlineData("natural; u8 a; { natural; u64 x; u8 y } p; u8 b", "a@0+1 p@8+16 b@24+1", 32)]
    [InlineData("utf8[5] s; wchar[2] w", "s@0+5 w@5+4", 9)]
    [InlineData(" U8\n a \t;\n ; u8 natural; u8 pad; u8 align ;", "a@0+1 natural@1+1 pad@2+1 align@3+1", 4)]
    public void FieldsLieWhereTheTextSays(string text, string fields, int size)
    {
        StructShape shape = StructLayout.Parse(text).In(Little64);
        Assert.Equal(fields, string.Join(' ', shape.Fields.Select(f => $"{f.Name}@{f.Offset}+{f.Size}")));
        Assert.Equal(size, shape.Size);
    }

    [Fact]
    public void PointersAreAsWideAsTheMachinesWord()
    {
        StructLayout layout = StructLayout.Parse("natural; u8 a; ptr p; u16 b");
        Assert.Equal((24, 12), (layout.In(Little64).Size, layout.In(Big32).Size));
    }

    [Fact]
    public void FieldsAreDecodedByTheirTypes()
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xcafe_babe);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), 443);
        "swapper\0junk"u8.CopyTo(bytes.AsSpan(6));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(22), 0xc000_1000);
        bytes[26] = 7;
        bytes[27] = 8;
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(28 + (2 * i)), (short)-i);
        }

        "\0h\0\u00fc"u8[..3].CopyTo(bytes.AsSpan(36));
        bytes[39] = 0xfc;
        "z\u00fcrich"u8.CopyTo(bytes.AsSpan(42));
        StructShape shape = StructLayout.Parse(
            "u32 magic; u16le port; char[16] name; ptr next; u8[2] raw; { i16 x; i16 y }[2] points; wchar[3] wide; utf8[9] city").In(Big32);
        StructValue value = shape.Decode(bytes);
        Assert.Equal(0xcafe_babeU, value.Values[0]);
        Assert.Equal((ushort)443, value.Values[1]);
        Assert.Equal("swapper", value.Values[2]);
        Assert.Equal(0xc000_1000UL, value.Values[3]);
        Assert.Equal(new byte[] { 7, 8 }, value.Values[4]);
        StructValue[] points = Assert.IsType<StructValue[]>(value.Values[5]);
        Assert.Equal(new object[] { (short)0, (short)-1, (short)-2, (short)-3 }, points.SelectMany(p => p.Values));
        Assert.Equal("hü", value.Values[6]);
        Assert.Equal("zürich", value.Values[7]);
    }

    [Theory]
    [InlineData("", "expected a type")]
    [InlineData(" ; ", "expected a type")]
    [InlineData("pad 4", "expected a type")]
    [InlineData("u33 a", "character 1 ")]
    [InlineData("u8 a u8 b", "expected ; between fields")]
    [InlineData("u8[0] a", "character 4 ")]
    [InlineData("u8[4 a", "expected ]")]
    [InlineData("u8[x] a", "expected how many")]
    [InlineData("u8 9a", "which begins with a letter")]
    [InlineData("u8 a; u16 A", "there is a field 'A' already")]
    [InlineData("u8 @ a", "expected an offset")]
    [InlineData("u8 a @0x100000", "an offset is below 1048576")]
    [InlineData("pad 0; u8", "a number from 1")]
    [InlineData("{ u8 a", "at its end")]
    [InlineData("{ }", "expected a type")]
    [InlineData("u8 }", "character 4 ")]
    [InlineData("utf8 name", "expected [ and how many bytes")]
    [InlineData("u64[131073] big", "larger than 1048576 bytes")]
    [InlineData("{{{{{{{{{u8}}}}}}}}}", "nested more than 8 deep")]
    [InlineData("{{{{u8[99]}[64]}[64]}[64]}[64]", "larger than 1048576 bytes")]
    [InlineData("{{{{u8}[64]}[64]}[64]}[64]", "more than 65536 values")]
    [InlineData("{u8}[65537]", "more than 65536 values")]
    [InlineData("u8[18446744073709551616]", "expected how many")]
    [InlineData("u8 natural; natural; u8", "character 13 ")]
    public void WhatIsNoLayoutIsAnErrorThatSaysWhere(string text, string message) =>
        Assert.Contains(message, Throws.Error("LayoutInvalid", () => StructLayout.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void TooMuchTextIsAnError()
    {
        Throws.Error("LayoutInvalid", () => StructLayout.Parse(new string(' ', 100_000)));
        Throws.Error("LayoutInvalid", () => StructLayout.Parse(string.Concat(Enumerable.Repeat("u8;", 2000))));
    }

    /// <summary>Any text is a layout within the limits, or the one error.</summary>
    [Fact]
    public void NoTextBreaksTheParser()
    {
        string[] words =
        [
            "u8", "u32be", "ptr", "char", "wchar", "utf8", "u128", "pad", "align", "natural", "name", "_", "{", "}", "[", "]", "@", ";", ";",
            "0", "1", "4", "0x40", "0xffffffffffffffff", "1048576", "-", ",", "\"", "\n", "é", "\0", "[3]", "{u8", "}[2]", "u16 b", "u8 c;",
        ];
        int good = 0;
        Prop.ForAll(Gen.Elements(words).ArrayOf().ToArbitrary(), parts =>
        {
            foreach (string text in (string[])[string.Join(' ', parts), string.Concat(parts)])
            {
                try
                {
                    foreach (DataModel model in (DataModel[])[Little64, Big32])
                    {
                        StructShape shape = StructLayout.Parse(text).In(model);
                        Assert.InRange(shape.Size, 1, StructLayout.MaximumSize);
                        Assert.All(shape.Fields, f => Assert.InRange(f.Offset + f.Size, 1, shape.Size));
                        shape.Decode(new byte[shape.Size]);
                    }

                    good++;
                }
                catch (ElfMmuException e)
                {
                    Assert.Equal("LayoutInvalid", e.ErrorId);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6000).WithEndSize(30));
        Assert.True(good > 150, $"Only {good} layouts were good.");
    }
}
