BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Segments of a loaded image' {
    BeforeAll {
        $images = Find-MappedImage (Get-SampleDump) -Root 0x8f2000ul -Privilege User | Where-Object State -EQ Loaded
    }

    It 'are where the space has them' {
        $images | Should -Not -BeNullOrEmpty
        foreach ($image in $images) {
            $segments = @($image | Get-ElfSegment -Type LOAD)
            $first = ($segments | Sort-Object VirtualAddress -Top 1).VirtualAddress
            $first - $first % 0x1000ul | Should -Be $image.VirtualAddress
            foreach ($segment in $segments) {
                $segment.VirtualAddress | Should -Be ($segment.VirtualAddressField + $image.LoadBias)
            }

            ($image | Get-ElfSegment -Type LOAD -Address $segments[0].VirtualAddress).Index | Should -Be $segments[0].Index
        }
    }

    It 'were moved, or this shows nothing' {
        $images | Where-Object LoadBias | Should -Not -BeNullOrEmpty
    }
}
