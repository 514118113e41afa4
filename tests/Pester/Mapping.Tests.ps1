BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $folder = (New-Item -ItemType Directory "$TestDrive/dumps").FullName
    $small = New-SmallDump "$folder/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    function Get-Text {
        process { '{0:x}+{1:x}>{2:x} {3} {4}' -f $_.VirtualAddress, $_.Size, $_.PhysicalAddress, $_.SupervisorRights, $_.UserRights }
    }
}

Describe 'Where Get-PageTableMapping finds dumps' {
    BeforeAll {
        $null = New-SmallDump "$folder/two.bin"
        $null = New-SmallDump "$folder/with [brackets].bin"
        Push-Location $folder
    }

    AfterAll { Pop-Location }

    It 'takes a path' {
        Get-PageTableMapping $small @get | Should -HaveCount 4
        Get-PageTableMapping -Path $small @get | Should -HaveCount 4
        Get-PageTableMapping -Dump $small @get | Should -HaveCount 4
    }

    It 'takes several' {
        (Get-PageTableMapping $small, "$folder/two.bin" @get).Dump.Path | Select-Object -Unique |
            Should -Be $small, "$folder/two.bin"
    }

    It 'expands wildcards' {
        (Get-PageTableMapping "$folder/*.bin" @get).Dump.Path | Select-Object -Unique | Should -HaveCount 3
        (Get-PageTableMapping t?o.bin @get).Dump.Path | Select-Object -Unique | Should -Be "$folder/two.bin"
    }

    It 'takes strings from the pipeline' {
        $small, 'two.bin' | Get-PageTableMapping @get | Should -HaveCount 8
    }

    It 'takes files from the pipeline, whatever their names' {
        Get-ChildItem $folder | Get-PageTableMapping @get | Should -HaveCount 12
        Get-Item -LiteralPath 'with [brackets].bin' | Get-PageTableMapping @get | Should -HaveCount 4
        [pscustomobject]@{ FullName = $small } | Get-PageTableMapping @get | Should -HaveCount 4
    }

    It 'takes [brackets] literally with -LiteralPath' {
        Get-PageTableMapping -LiteralPath 'with [brackets].bin' @get | Should -HaveCount 4
        (Get-ErrorOf { Get-PageTableMapping -Path 'with [brackets].bin' @get }).FullyQualifiedErrorId |
            Should -Be "FileNotFound,$commands.GetPageTableMappingCommand"
    }

    It 'starts at PowerShell''s location, not the process''s' {
        (Get-PageTableMapping two.bin @get)[0].Dump.Path | Should -Be "$folder/two.bin"
        (Get-PageTableMapping ./two.bin @get)[0].Dump.Path | Should -Be "$folder/two.bin"
        [Environment]::CurrentDirectory | Should -Not -Be $folder
    }

    It 'takes paths on a drive of PowerShell''s own' {
        $null = New-PSDrive -Name Evidence -PSProvider FileSystem -Root $folder
        try {
            (Get-PageTableMapping Evidence:/two.bin @get)[0].Dump.Path | Should -Be "$folder/two.bin"
            (Get-PageTableMapping -LiteralPath Evidence:/two.bin @get)[0].Dump.Path | Should -Be "$folder/two.bin"
            Get-PageTableMapping Evidence:/two.bin @get | Export-ElfCore Evidence:/two.elf
            "$folder/two.elf" | Should -Exist
            Export-ElfCore Evidence:/three.elf -Dump Evidence:/two.bin @get
            Get-Hash "$folder/three.elf" | Should -Be (Get-Hash "$folder/two.elf")
        }
        finally {
            Remove-PSDrive Evidence
            Remove-Item "$folder/*.elf"
        }
    }

    It 'takes a path with its provider' {
        Get-PageTableMapping "Microsoft.PowerShell.Core\FileSystem::$small" @get | Should -HaveCount 4
    }

    It 'refuses what isn''t in the file system: <Name>' -ForEach @(
        @{ Name = 'Get-PageTableMapping'; Class = 'GetPageTableMappingCommand'; Script = { Get-PageTableMapping Env:/PATH @get } }
        @{ Name = '-LiteralPath'; Class = 'GetPageTableMappingCommand'; Script = { Get-PageTableMapping -LiteralPath Env:/PATH @get } }
        @{ Name = '-Machine'; Class = 'GetPageTableMappingCommand'; Script = { Get-PageTableMapping $small -Machine Env:/PATH } }
        @{ Name = 'Get-ElfHeader'; Class = 'GetElfHeaderCommand'; Script = { Get-ElfHeader Env:/PATH } }
        @{ Name = 'Export-ElfCore'; Class = 'ExportElfCoreCommand'; Script = { Get-PageTableMapping $small @get | Export-ElfCore Env:/core } }
        @{ Name = 'Export-ElfCore -Dump'; Class = 'ExportElfCoreCommand'; Script = { Export-ElfCore core.elf -Dump Env:/PATH @get } }) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "PathNotFileSystem,$commands.$Class"
    }
}

Describe 'What Get-PageTableMapping emits' {
    It 'is the mappings as objects' {
        $mappings = Get-PageTableMapping $small @get
        $mappings | Get-Text | Should -Be @(
            '400000+1000>9000 r-x r-x', '401000+1000>a000 rw- rw-', '600000+1000>c000 r-- r--', 'ffff888000000000+2000>d000 rw- ---')
        $mappings | Should -BeOfType ElfMmu.Spaces.PageTableMapping
    }

    It 'has numbers as numbers, rights as text, and says where it is from' {
        $mapping = Get-PageTableMapping $small @get | Select-Object -Last 1
        foreach ($name in 'VirtualAddress', 'EndAddress', 'Size', 'PhysicalAddress', 'PageSize', 'Root') {
            $mapping.$name | Should -BeOfType [ulong] -Because $name
        }
        $mapping.EndAddress | Should -Be 0xffff888000002000ul
        $mapping.PageSize | Should -Be 4096
        $mapping.Level | Should -Be 1
        $mapping.SupervisorRights | Should -BeOfType [string]
        $mapping.UserRights | Should -Be '---'
        $mapping.Kind | Should -Be 'Ram'
        $mapping.Global | Should -BeFalse
        $mapping.Cacheability | Should -Be 'WB'
        $mapping.Root | Should -Be 0x1000ul
        $mapping.Mode | Should -Be 'ia32e'
        $mapping.Dump.Path | Should -Be $small
        $mapping.Dump.Length | Should -Be 65536
        $mapping.Dump.LastWriteTimeUtc | Should -Be (Get-Item $small).LastWriteTimeUtc
        "$mapping" | Should -Be '0xffff888000000000-0xffff888000001fff -> 0xd000 ---/rw- Ram'
    }

    It 'is every region of the sample, with its rights' {
        $mappings = Get-PageTableMapping $sample -MinimumAddress 0x100000000000 -MaximumAddress 0x7ff00000ffff
        foreach ($region in Get-SampleRegion) {
            $inside = @($mappings |
                Where-Object { $_.VirtualAddress -ge $region.Start -and $_.EndAddress -le $region.Start + $region.Size })
            $rights = switch ($region.Kind) {
                'private-none-filled' { @() }
                'private-execonly' { 'r-x' }
                'alternating-perm-odd-ro' { 'r--', 'rw-' }
                'zeropage-read-touched' { 'r--' }
                default { $region.Rights }
            }
            $inside.UserRights | Sort-Object -Unique | Should -Be $rights -Because $region.Kind
        }
    }

    It 'takes root and mode from the sample''s registers' {
        $mapping = Get-PageTableMapping $sample -MaximumCount 1
        $mapping.Root | Should -Be 0x904000ul
        $mapping.Mode | Should -Be 'ia32e'
    }

    It 'says its choices in the verbose stream' {
        $said = Get-PageTableMapping $sample -MaximumCount 1 -Verbose 4>&1 |
            Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | Out-String
        $said | Should -Match 'Mode ia32e from the control registers of CPU 0; root 0x904000 from CR3 of CPU 0'
    }
}

Describe 'Get-PageTableMapping''s filters' {
    It 'takes -Rights <Rights>' -ForEach @(
        @{ Rights = 'rwx'; Expected = @() }
        @{ Rights = 'w'; Expected = 0x401000ul, 0xffff888000000000ul }
        @{ Rights = '!x'; Expected = 0x401000ul, 0x600000ul, 0xffff888000000000ul }
        @{ Rights = '!wx'; Expected = , 0x600000ul }
        @{ Rights = 'r!w'; Expected = 0x400000ul, 0x600000ul }
        @{ Rights = 'r-x'; Expected = , 0x400000ul }
        @{ Rights = 'RW-'; Expected = 0x401000ul, 0xffff888000000000ul }
        @{ Rights = 'r--'; Expected = , 0x600000ul }) {
        @(Get-PageTableMapping $small @get -Rights $Rights).VirtualAddress | Should -Be $Expected
    }

    It 'finds the pages of the sample that can be written and run' {
        $mapping = Get-PageTableMapping $sample -Rights rwx -Privilege User
        $region = Get-SampleRegion | Where-Object Rights -EQ 'rwx'
        $mapping[0].VirtualAddress | Should -Be $region.Start
        ($mapping | Measure-Object Size -Sum).Sum | Should -Be $region.Size
    }

    It 'takes -Privilege <Privilege>' -ForEach @(
        @{ Privilege = 'Any'; Rights = 'r'; Count = 4 }
        @{ Privilege = 'User'; Rights = 'r'; Count = 3 }
        @{ Privilege = 'Supervisor'; Rights = 'r'; Count = 4 }
        @{ Privilege = 'User'; Rights = '!w'; Count = 2 }) {
        Get-PageTableMapping $small @get -Privilege $Privilege -Rights $Rights | Should -HaveCount $Count
        Get-PageTableMapping $small @get -Privilege User | Should -HaveCount 3
    }

    It 'refuses -Rights <_>' -ForEach 'rz', 'r-', '!', 'w!w', 'r-x!w', 'read' {
        $failure = Get-ErrorOf { Get-PageTableMapping $small @get -Rights $_ }
        $failure.FullyQualifiedErrorId | Should -Be "RightsInvalid,$commands.GetPageTableMappingCommand"
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        { Get-PageTableMapping $small @get | Export-ElfCore "$TestDrive/x.elf" -Rights $_ } |
            Should -Throw -ErrorId "RightsInvalid,$commands.ExportElfCoreCommand"
    }

    It 'refuses a privilege there isn''t' {
        { Get-PageTableMapping $small @get -Privilege Root } |
            Should -Throw -ErrorId "CannotConvertArgumentNoMessage,$commands.GetPageTableMappingCommand"
    }

    It 'cuts to -MinimumAddress and -MaximumAddress, by whole pages' {
        Get-PageTableMapping $small @get -MinimumAddress 0xffff888000001234 | Get-Text |
            Should -Be 'ffff888000001000+1000>e000 rw- ---'
        Get-PageTableMapping $small @get -MinimumAddress 0x401fff -MaximumAddress 0x401fff | Get-Text |
            Should -Be '401000+1000>a000 rw- rw-'
        Get-PageTableMapping $small @get -MaximumAddress 0xfff | Should -BeNullOrEmpty
        Get-PageTableMapping $small @get -MinimumAddress 0x600000 -MaximumAddress 0x400000 | Should -BeNullOrEmpty
    }

    It 'gives every leaf with -PerPage' {
        Get-PageTableMapping $small @get -PerPage | Select-Object -Last 2 | Get-Text |
            Should -Be 'ffff888000000000+1000>d000 rw- ---', 'ffff888000001000+1000>e000 rw- ---'
        $runs = Get-PageTableMapping $sample
        $pages = Get-PageTableMapping $sample -PerPage
        $pages | Where-Object { $_.Size -ne $_.PageSize } | Should -BeNullOrEmpty
        ($pages | Measure-Object Size -Sum).Sum | Should -Be ($runs | Measure-Object Size -Sum).Sum
    }

    It 'gives leaves to nothing with -IncludeAbsent only' {
        $words = New-PageTable @(@{ Virtual = 0x1000; Physical = 0x2000 }, @{ Virtual = 0x5000; Physical = 0xfee00000ul })
        $dump = New-RawDump "$TestDrive/absent.bin" 64kb $words
        (Get-PageTableMapping $dump @get).Kind | Should -Be 'Ram'
        (Get-PageTableMapping $dump @get -IncludeAbsent).Kind | Should -Be 'Ram', 'Absent'
    }

    It 'gives at most -MaximumCount of each space' {
        Get-PageTableMapping $small @get -MaximumCount 2 | Should -HaveCount 2
        Get-PageTableMapping $small, $small @get -MaximumCount 2 | Should -HaveCount 4
        Get-PageTableMapping $small @get -MaximumCount 99 | Should -HaveCount 4
        { Get-PageTableMapping $small @get -MaximumCount 0 } |
            Should -Throw -ErrorId "ParameterArgumentValidationError,$commands.GetPageTableMappingCommand"
    }
}

Describe 'What tells Get-PageTableMapping of the machine' {
    BeforeAll {
        $machine = (New-Item -ItemType Directory "$TestDrive/machine").FullName
        New-RawSample $machine
        $expected = Get-PageTableMapping $sample -MaximumAddress 0x7fffffffffff | Get-Text
    }

    It 'is -Machine beside a raw image' {
        Get-PageTableMapping "$machine/raw.bin" -Machine "$machine/machine.yaml" -MaximumAddress 0x7fffffffffff | Get-Text |
            Should -Be $expected
    }

    It 'is a machine description opened as the dump' {
        Get-PageTableMapping "$machine/machine.yaml" -MaximumAddress 0x7fffffffffff | Get-Text | Should -Be $expected
    }

    It 'is -Machine for devices, which a dump does not know' {
        Get-PageTableMapping $sample | Where-Object Kind -NE Ram | Should -BeNullOrEmpty
        $devices = Get-PageTableMapping $sample -Machine "$machine/machine.yaml" | Where-Object Kind -EQ Device
        $devices.PhysicalAddress | Should -Contain 0xfee00000ul
        $devices[0].Dump.MachinePath | Should -Be "$machine/machine.yaml"
    }

    It 'is looked for at PowerShell''s location' {
        Push-Location $machine
        try {
            Get-PageTableMapping raw.bin -Machine machine.yaml -MaximumCount 1 | Should -HaveCount 1
        }
        finally {
            Pop-Location
        }
    }

    It 'is kept for the export' {
        $mappings = Get-PageTableMapping "$machine/raw.bin" -Machine "$machine/machine.yaml" -MaximumAddress 0x7fffffffffff
        $mappings | Export-ElfCore "$TestDrive/raw.elf"
        $region = Get-SampleRegion | Where-Object Kind -EQ 'high-va'
        $piece = Read-CorePiece "$TestDrive/raw.elf" (Read-ElfLoad "$TestDrive/raw.elf") $region.Start $region.Size
        Find-PatternBreak $piece[0] $region | Should -BeNullOrEmpty
    }

    It 'is -Root and -Mode for a raw image' {
        Get-PageTableMapping "$machine/raw.bin" -Root 0x904000 -Mode ia32e -MaximumAddress 0x7fffffffffff | Get-Text |
            Should -Be $expected
        (Get-PageTableMapping "$machine/raw.bin" -Root 0x904000 -Mode X64 -MaximumCount 1).Mode | Should -Be 'ia32e'
    }

    It 'is -RamBase for a raw image that starts elsewhere, and the mappings keep it' {
        $words = New-PageTable @(@{ Virtual = 0x1000; Physical = 0x80000000ul }) -Root 0x80001000ul -Base 0x80000000ul
        $words[0ul] = 0x1234ul
        $high = New-RawDump "$TestDrive/high.bin" 64kb $words
        $mapping = Get-PageTableMapping $high -Root 0x80001000 -Mode ia32e -RamBase 0x80000000
        $mapping.Dump.RamBase | Should -Be 0x80000000ul
        $mapping | Export-ElfCore "$TestDrive/high.elf"
        $piece = Read-CorePiece "$TestDrive/high.elf" (Read-ElfLoad "$TestDrive/high.elf") 0x1000 4096
        [BitConverter]::ToUInt64($piece.Bytes, 0) | Should -Be 0x1234
    }

    It 'is -Cpu where several have registers' {
        $words = New-PageTable @(@{ Virtual = 0x7000; Physical = 0x9000 })
        foreach ($word in (New-PageTable @(@{ Virtual = 0x8000; Physical = 0x9000 }) -Root 0x5000).GetEnumerator()) {
            $words[$word.Key] = $word.Value
        }

        $raw = New-RawDump "$TestDrive/cpus.bin" 64kb $words
        $dump = New-ElfDump "$TestDrive/cpus.elf" $raw @(
            @{ cr0 = 0x80000001ul; cr3 = 0x1000ul; cr4 = 0x20ul }, @{ cr0 = 0x80000001ul; cr3 = 0x5000ul; cr4 = 0x20ul })
        (Get-PageTableMapping $dump).VirtualAddress | Should -Be 0x7000
        (Get-PageTableMapping $dump -Cpu 1).VirtualAddress | Should -Be 0x8000
    }
}

Describe 'Streaming' {
    BeforeAll { $million = New-MillionPageDump "$TestDrive/million.bin" }

    It 'ends upstream with Select-Object -First, and lets go of the file' {
        $copy = New-MillionPageDump "$TestDrive/locked.bin"
        $mapping = Get-PageTableMapping $copy @get | Select-Object -First 1
        $mapping.VirtualAddress | Should -Be 0
        $file = [IO.File]::Open($copy, 'Open', 'ReadWrite', 'None')
        $file.Dispose()
        Remove-Item $copy
    }

    It 'lets go of the file after the last object, and after an error' {
        $null = Get-PageTableMapping $small @get
        $null = Get-ErrorOf { Get-PageTableMapping $small -Mode ia32e }
        $null = Get-ErrorOf { Get-PageTableMapping $small -Mode ia32e -Root 0x7000000 }
        $null = Get-PageTableMapping $small @get | Export-ElfCore "$TestDrive/unlock.elf"
        foreach ($path in $small, "$TestDrive/unlock.elf") {
            [IO.File]::Open($path, 'Open', 'ReadWrite', 'None').Dispose()
        }
    }

    It 'walks a million pages' {
        $count = 0
        Get-PageTableMapping $million @get | ForEach-Object { $count++ }
        $count | Should -Be 1048576
    }

    It 'emits the first of a million before the others are found' {
        $null = Get-PageTableMapping $million @get | Select-Object -First 1
        $before = [GC]::GetTotalAllocatedBytes($true)
        $null = Get-PageTableMapping $million @get | Select-Object -First 1
        $first = [GC]::GetTotalAllocatedBytes($true) - $before
        $before = [GC]::GetTotalAllocatedBytes($true)
        Get-PageTableMapping $million @get > $null
        $all = [GC]::GetTotalAllocatedBytes($true) - $before
        $first * 20 | Should -BeLessThan $all
    }

    It 'emits in the middle of the walk: the walk''s summary comes last' {
        $stream = Get-PageTableMapping $small @get -Verbose 4>&1
        $stream[-1] | Should -BeOfType System.Management.Automation.VerboseRecord
        "$($stream[-1])" | Should -Match '^Walked \d+ tables'
        $stream[-2] | Should -BeOfType ElfMmu.Spaces.PageTableMapping
    }

    It 'stops after -MaximumCount without walking on' {
        $said = Get-PageTableMapping $million @get -MaximumCount 1 -Verbose 4>&1
        "$($said[-1])" | Should -Match '^Walked 4 tables with 2 leaves'
    }
}
